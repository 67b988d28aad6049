// Only carries the precompiled header that every room with torch shares.
