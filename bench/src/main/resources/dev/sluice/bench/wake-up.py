# Writes the time again and again, or reads it and prints how late it came, in microseconds.
import os
import sys
import time

if sys.argv[1] == "write":
    fd = os.open(sys.argv[2], os.O_CREAT | os.O_WRONLY, 0o644)
    for _ in range(int(sys.argv[3])):
        time.sleep(0.002)
        os.write(fd, time.monotonic_ns().to_bytes(8, "little"))
else:
    fd = os.open(sys.argv[2], os.O_RDONLY)
    late = []
    while data := os.read(fd, 8):
        late.append((time.monotonic_ns() - int.from_bytes(data, "little")) / 1e3)
    late.sort()
    print("p50", late[len(late) // 2], flush=True)
    print("p99", late[len(late) * 99 // 100], flush=True)
