"""The demo portal: pages, agencies and staff in plain Russian, written from the five sources (S000 to S004).

Facts, names of documents, stages and terms are the sources'; the sentences are ours. Where a source is silent the page
says so. People and most agencies are invented. `manage.py load_demo` puts all of it into the database.
"""
