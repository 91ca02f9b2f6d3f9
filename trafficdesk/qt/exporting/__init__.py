"""What is taken out of the desk with Qt's help: lists on paper, pictures of charts, saving."""
