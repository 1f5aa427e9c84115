"""Where Streamlit begins: the pages, and what each of them shares."""

from __future__ import annotations

import streamlit as st

from pcqa_sim.app.pages.common import LOOK, prepare
from pcqa_sim.app.pages.listed import PAGES


def main() -> None:
    """Show the page that is chosen."""
    st.set_page_config(page_title="pcqa: try a change", layout="wide", initial_sidebar_state="expanded")
    st.html(LOOK)
    pages = [
        st.Page(function, title=title, url_path=path, default=not number)
        for number, (title, function, path) in enumerate(PAGES)
    ]
    st.navigation(pages).run()
    prepare()


main()
