"""The Labs: pages with small experiments; `app.labs.contents` lists them, `app.labs.page` says what a page is."""
