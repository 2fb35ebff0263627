"""Where rows come from. Each kind of input is one Source; nothing in here knows of losses."""
