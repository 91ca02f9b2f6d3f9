"""A believable Coimbatore: invented people, reports and pictures drawn by code."""
