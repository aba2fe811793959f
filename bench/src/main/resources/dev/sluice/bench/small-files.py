# Creates, reads, asks for and removes small files; prints microseconds for each.
import os
import sys
import time

folder, count = sys.argv[1], int(sys.argv[2])
block = b"x" * 4096
os.makedirs(folder, exist_ok=True)
names = [f"{folder}/f{i}" for i in range(count)]


def create(name):
    fd = os.open(name, os.O_CREAT | os.O_WRONLY)
    os.write(fd, block)
    os.close(fd)


def read(name):
    fd = os.open(name, os.O_RDONLY)
    os.read(fd, 4096)
    os.close(fd)


def measure(what, action):
    start = time.perf_counter()
    for name in names:
        action(name)
    print(what, (time.perf_counter() - start) / count * 1e6, flush=True)


for _ in range(3):
    measure("create", create)
    measure("read", read)
    measure("stat", os.stat)
    measure("remove", os.unlink)
