"""When whom can be seen: sessions, their periods with so many places, and the pools of places."""
