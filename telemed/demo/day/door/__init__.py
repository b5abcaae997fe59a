"""Where the played day enters: it opens an intention for each thing that somebody does."""
