"""What the site stands on: databases, a replica of one, a cache that others share."""
