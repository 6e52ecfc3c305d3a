"""What students get beside their notebook to check themselves.  Nothing in here knows the kit."""
