"""What students receive, as plain files; nothing in here may import the kit."""
