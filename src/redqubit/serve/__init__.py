"""The explorer: the kill chain as pages, live on this machine or exported as a static site.

How a page is added
-------------------
1. ``pages/<noun>.py`` with a function ``pages(site) -> Iterator[Page]``. A page is a path relative
   to the root of the site and a function that renders it; ``site.html(path, template, title,
   context)`` builds one from a template, ``Page(path, render)`` any other text, such as
   ``data/<noun>.js``. ``context`` is a function, so nothing is computed before the page is asked
   for.
2. ``templates/<noun>.html`` that extends ``base.html`` and fills the block ``main``. In every
   template ``root`` leads back to the root of the site (``../`` or nothing), ``href(item)`` gives
   the address of any object of the kill chain, ``parts`` holds the shared macros (``_parts.html``),
   and undefined names are errors. Text is escaped always; drawings made with
   ``redqubit.report.markup.tag`` pass unchanged.
3. ``static/<noun>.js`` where the page does something: one function, no ES module (a file address
   cannot load those), named in ``scripts=(...)`` of ``site.html``. Data come as scripts too, since
   a file address cannot fetch: ``data(name, value)`` renders ``redqubit.data.<name> = value;``.
   ``static/list.js`` gives filters whose state is the address, sortable tables and ``el``.
4. One line in ``pages/__init__.py`` (``ALL``), and one in ``NAVIGATION`` if it belongs in the bar.

No inline script, style or style attribute anywhere: the policy forbids them and a test looks. Own
measurements reach every page as ``site.runs`` (``runs.py``).
"""
