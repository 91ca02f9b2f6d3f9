"""The invented Coimbatore that desk and server show: who and where, without a word on traffic."""
