"""Are inputs moved across the boundary, with the new label, enough to learn the clean ones?"""
