"""Nothing below projects is a test of this repository: the files are data for the scanner."""

collect_ignore_glob = ["projects", "projects/*"]
