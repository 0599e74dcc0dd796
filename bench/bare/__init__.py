"""The peers: a bare Wagtail page with navigation, a bare Wagtail form, a bare WSGI answer."""
