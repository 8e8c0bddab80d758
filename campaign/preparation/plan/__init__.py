"""Plan of a begun run: how it is continued, and what of its template has changed since."""
