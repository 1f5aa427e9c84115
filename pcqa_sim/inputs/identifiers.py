"""Texts that may tell who somebody is: found by their form, so that they are never kept and never shown.

Forms are those of England: NHS numbers with their check digit (NHS Data Dictionary), postcodes, telephones, dates,
e-mail addresses, names (by title, by order, by common first names), and text of one's own words.
"""

from __future__ import annotations

import re
from collections.abc import Collection

HIDDEN = "(not shown)"
_DIGITS = re.compile(r"(?<!\d)\d{3}[ \-]?\d{3}[ \-]?\d{4}(?!\d)")
_PHONE = re.compile(r"(?<![\d.:/])(?:\+44|0044|0)[ \-()]*\d(?:[ \-()]*\d){8,10}(?!\d)")
_POSTCODE = re.compile(r"(?i)\b(?:[A-Z]{1,2}\d[A-Z\d]?|GIR) ?\d[ABD-HJLNP-UW-Z]{2}\b")
_EMAIL = re.compile(r"[^\s@]+@[^\s@]+\.[^\s@]+")
_DATE = re.compile(
    r"(?i)\b(?:\d{1,2}[/.\-]\d{1,2}[/.\-](?:\d{4}|\d{2})|\d{4}-\d{2}-\d{2}"
    r"|\d{1,2}[ \-]?(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*[ \-]?(?:\d{4}|\d{2}))\b"
)
_TITLED = re.compile(r"\b(?:Mr|Mrs|Miss|Ms|Mx|Master|MR|MRS|MISS|MS)\.? +[^\W\d_][\w'’\-]+")
_WORDS = re.compile(r"[^\W\d_](?:[^\W\d_]|['’\-])*")  # of any alphabet
_LONGEST, _MOST_WORDS = 80, 12
_FEWEST_NAMES, _SHARE_OF_NAMES = 12, 0.6

_TEXTFIRST = """
oliver george harry noah jack leo oscar charlie jacob william thomas henry james joshua alexander arthur david
john michael peter robert richard andrew stephen steven paul mark anthony kevin brian graham alan barry keith
daniel matthew christopher simon jonathan martin gary philip ian colin derek raymond kenneth dennis ronald
mohammed muhammad mohammad ahmed ali hassan ibrahim yusuf omar imran amir raj sanjay anil vijay wei ravi olivia
amelia isla emily ava sophie jessica lily charlotte emma margaret susan patricia christine linda karen elizabeth
sarah helen jane anne ann catherine katherine julie deborah jacqueline carol janet barbara maureen sheila
dorothy joan jean joyce sandra rachel rebecca laura lucy hannah claire victoria nicola alison amanda fatima
aisha maryam zainab priya anita sunita maria anna eva agnieszka katarzyna alice ellie chloe megan doris edith
florence evelyn irene kathleen sharon tracey michelle lisa joanne samantha louise kelly gemma
"""
FIRST_NAMES = frozenset(_TEXTFIRST.split())
_TEXTNO = """
gp clinic clinics slot slots room list team day days same face face-to-face telephone phone video online home
visit routine urgent nurse nurses practice surgery triage hca anp doctor duty review health check blood test
minor illness appointment appointments extended access hub monday tuesday wednesday thursday friday saturday
sunday morning afternoon evening am pm book on the of and for with by queue line calls call menu exit full entry
no agent message other staff unknown new general long term condition annual embargo embargoed future pharmacy
pharmacist physio paramedic social care link worker mental first contact admin reception letters results smear
baby immunisation flu vaccine diabetes asthma wound dressing pre-bookable bookable patient patients not answered
missed did attend january february march april may june july august september october november december north
south east west hours core out emergency reserved training meeting lunch break request
"""
_NO_NAMES = frozenset(_TEXTNO.split())
_HEADS = (
    (re.compile(r"nhs.?(number|no\b|num)|^nhs$"), "NHS number"),
    (re.compile(r"(date.?of.?birth|birth.?date|\bd\.?o\.?b\b|^born$)"), "birth date"),
    (re.compile(r"(surname|forename|(first|last|family|patient|full|caller).?name)"), "name"),
    (re.compile(r"(post.?code|address)"), "address"),
    (re.compile(r"(e.?mail)"), "e-mail address"),
    (re.compile(r"(tele?phone.?(no|num)|mobile|contact.?number|phone.?(no|num)|caller.?(id|number)|^cli$|^from.?no$|^to.?no$)"),
     "telephone number"),
    (re.compile(r"(comment|free.?text|^notes?$|narrative|history$)"), "text of one's own words"),
)  # fmt: skip


def is_nhs_number(text: str) -> bool:
    """Tell whether ten digits are an NHS number: the last is the check digit, modulo 11."""
    digits = [int(one) for one in text if one.isdigit()]
    if len(digits) != 10:
        return False
    check = 11 - sum(digit * weight for digit, weight in zip(digits, range(10, 1, -1), strict=False)) % 11
    return check != 10 and digits[9] == check % 11


def identifier(text: str) -> str:
    """Return what a text seems to tell of somebody, in words ("postcode"); "" for nothing."""
    if len(text) < 4:
        return ""
    if any(one.isdigit() for one in text):
        if any(is_nhs_number(found) for found in _DIGITS.findall(text)):
            return "NHS number"
        if _PHONE.search(text):
            return "telephone number"
        if _POSTCODE.search(text):
            return "postcode"
        if _DATE.search(text):
            return "date, of birth perhaps"
    if "@" in text and _EMAIL.search(text):
        return "e-mail address"
    if _is_name(text):
        return "name"
    if len(text) > _LONGEST or len(text.split()) > _MOST_WORDS:
        return "text of one's own words"
    return ""


def _is_name(text: str) -> bool:
    if _TITLED.search(text):
        return True
    words = [word.lower() for word in _WORDS.findall(text)]
    if not 2 <= len(words) <= 4 or any(one.isdigit() for one in text) or set(words) & _NO_NAMES:
        return False
    return bool(set(words) & FIRST_NAMES)


def names_people(texts: Collection[str]) -> bool:
    """Tell whether most of a column's different texts are two or three words with capitals, as people's names are."""
    if len(texts) < _FEWEST_NAMES:
        return False
    return sum(map(_name_like, texts)) >= _SHARE_OF_NAMES * len(texts)


def _name_like(text: str) -> bool:
    """Tell whether a text is two or three words with capitals, as "Sîan Brontë" and "NOWAK, Zoë" are."""
    words = _WORDS.findall(text)
    plain = text.strip().replace(", ", " ").split(" ")
    capitals = all(one[0] == one[0].upper() and len(one) > 1 for one in words)
    return words == plain and len(words) in (2, 3) and capitals and not {one.lower() for one in words} & _NO_NAMES


def identifying_head(head: str) -> str:
    """Return what a column's name says it tells of somebody; "" for nothing."""
    plain = head.strip().lower().replace("_", " ")
    return next((words for form, words in _HEADS if form.search(plain)), "")


def without_identifiers(text: str) -> str:
    """Return a text that may be shown, or a word in its place where it may tell who somebody is."""
    return HIDDEN if identifier(text) or any(identifier(part) for part in text.split(",")) else text


def head_shown(head: str, column: int) -> str:
    """Return a column's name as it may be shown: its number where the name itself may be somebody's."""
    if not head.strip():
        return f"column {column + 1}"
    return f"column {column + 1}" if identifier(head) else head.strip()[:60]
