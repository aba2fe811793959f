# One step of a pipeline: reads a piece, works on it for a while, writes a piece. The first reads nothing.
import os
import sys
import time

source, target, pieces, seconds = sys.argv[1], sys.argv[2], int(sys.argv[3]), float(sys.argv[4])
PIECE = 65536
print(f"@{time.time_ns()}", flush=True)
reads = None if source == "-" else os.open(source, os.O_RDONLY)
writes = os.open(target, os.O_CREAT | os.O_WRONLY, 0o644)
for _ in range(pieces):
    if reads is not None:
        missing = PIECE
        while missing and (data := os.read(reads, missing)):
            missing -= len(data)
    time.sleep(seconds)
    os.write(writes, b"x" * PIECE)
os.close(writes)
print(f"@{time.time_ns()}", flush=True)
