"""From a contact and a template to the exact bytes of one call request."""
