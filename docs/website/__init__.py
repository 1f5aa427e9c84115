"""The documentation site: pages written by hand in docs/, and pages made from the code; nothing is written twice.

`python docs/website` assembles the Markdown in build/website/pages and has zensical make HTML of it, strictly: a link
that leads nowhere fails. The site needs no network: no fonts, scripts or pictures from elsewhere.
"""
