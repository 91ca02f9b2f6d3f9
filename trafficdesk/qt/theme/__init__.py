"""How the desk looks: colours, type, icons and meaning marks. No style sheets."""
