"""Through training: when do networks compress, and when can their robustness be told?"""
