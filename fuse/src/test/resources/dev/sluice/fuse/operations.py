"""Random operations on the files of a directory, compared with a model in memory.

operations.py DIRECTORY SEED COUNT [LOG]

LOG is a file that only grows: byte p of it is p % 251. It is open from the first operation to the last one.
"""
import ctypes, mmap, os, random, sys

PUNCH, KEEP, ZERO = 2, 1, 16
MOST = 300_000
libc = ctypes.CDLL(None, use_errno=True)


def fallocate(fd, mode, offset, length):
    if libc.fallocate(fd, mode, ctypes.c_long(offset), ctypes.c_long(length)) != 0:
        raise OSError(ctypes.get_errno(), "fallocate %d" % mode)


class Inode:
    def __init__(self):
        self.data = bytearray()

    def size(self, size):
        if size < len(self.data):
            del self.data[size:]
        else:
            self.data.extend(bytes(size - len(self.data)))

    def put(self, at, data):
        if data:
            self.size(max(len(self.data), at + len(data)))
            self.data[at:at + len(data)] = data


class Run:
    def __init__(self, directory, seed, log):
        self.random = random.Random(seed)
        self.directory = directory
        self.names = {}
        self.open = []
        self.past = []
        self.log = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644) if log else None
        self.logged = 0

    def note(self, *words):
        self.past.append(" ".join(str(word) for word in words))
        del self.past[:-25]

    def path(self, name):
        return os.path.join(self.directory, name)

    def fresh(self):
        return "f%d" % self.random.randrange(8)

    def some_bytes(self, most=70_000):
        count = self.random.choice([1, 7, 100, 4096, self.random.randrange(1, most)])
        return bytes([self.random.randrange(1, 256)]) * (count // 2) + self.random.randbytes(count - count // 2)

    def same(self, what, got, wanted):
        if got != wanted:
            if isinstance(got, (bytes, bytearray)):
                places = [i for i in range(min(len(got), len(wanted))) if got[i] != wanted[i]]
                got, wanted = ("%d bytes, %d differ, first %s" % (len(got), len(places), places[:1]),
                               "%d bytes" % len(wanted))
            raise AssertionError("%s: is %s, should be %s" % (what, got, wanted))

    # What may be done.

    def do_open(self):
        name = self.fresh()
        how = self.random.choice([os.O_RDWR, os.O_RDWR, os.O_RDWR | os.O_APPEND, os.O_RDWR | os.O_TRUNC, os.O_RDONLY])
        if how == os.O_RDONLY and name not in self.names:
            return
        self.note("open", name, how)
        fd = os.open(self.path(name), how | (0 if how == os.O_RDONLY else os.O_CREAT), 0o644)
        inode = self.names.get(name)
        if inode is None:
            inode = self.names[name] = Inode()
        if how & os.O_TRUNC:
            inode.size(0)
        self.open.append((fd, inode, how))
        if len(self.open) > 6:
            self.do_close()

    def pick(self, writes=False):
        fits = [each for each in self.open if not writes or each[2] != os.O_RDONLY]
        return self.random.choice(fits) if fits else None

    def do_close(self):
        if self.open:
            fd, _, _ = self.open.pop(self.random.randrange(len(self.open)))
            self.note("close", fd)
            os.close(fd)

    def do_write(self):
        one = self.pick(True)
        if one:
            fd, inode, how = one
            data = self.some_bytes()
            at = len(inode.data) if how & os.O_APPEND else self.random.randrange(MOST)
            self.note("write", fd, at, len(data), how)
            done = os.write(fd, data) if how & os.O_APPEND else os.pwrite(fd, data, at)
            self.same("count", done, len(data))
            inode.put(at, data)

    def do_read(self):
        one = self.pick()
        if one:
            fd, inode, _ = one
            at, count = self.random.randrange(MOST), self.random.randrange(1, 100_000)
            self.note("read", fd, at, count)
            self.same("read %d+%d" % (at, count), os.pread(fd, count, at), bytes(inode.data[at:at + count]))

    def do_truncate(self):
        one = self.pick(True)
        if one:
            fd, inode, _ = one
            size = self.random.randrange(MOST)
            self.note("ftruncate", fd, size)
            os.ftruncate(fd, size)
            inode.size(size)

    def do_truncate_name(self):
        if self.names:
            name = self.random.choice(sorted(self.names))
            size = self.random.randrange(MOST)
            self.note("truncate", name, size)
            os.truncate(self.path(name), size)
            self.names[name].size(size)

    def do_allocate(self):
        one = self.pick(True)
        if one:
            fd, inode, _ = one
            mode = self.random.choice([PUNCH | KEEP, PUNCH | KEEP, ZERO, ZERO | KEEP, 0, KEEP])
            at, count = self.random.randrange(MOST), self.random.randrange(1, 60_000)
            self.note("fallocate", fd, mode, at, count)
            try:
                fallocate(fd, mode, at, count)
            except OSError as e:
                if e.errno == 95 and mode & ZERO:  # may be missing, in one piece
                    return
                raise
            end = at + count
            if not mode & KEEP:
                inode.size(max(len(inode.data), end))
            if mode & (PUNCH | ZERO):
                last = min(end, len(inode.data))
                if last > at:
                    inode.data[at:last] = bytes(last - at)

    def do_map_read(self):
        one = self.pick()
        if one and one[1].data:
            fd, inode, _ = one
            self.note("map to read", fd, len(inode.data))
            kind = self.random.choice([mmap.MAP_SHARED, mmap.MAP_PRIVATE])
            with mmap.mmap(fd, len(inode.data), kind, mmap.PROT_READ) as mapped:
                self.same("mapped", mapped[:], bytes(inode.data))

    def do_map_write(self):
        one = self.pick(True)
        if one and one[1].data:
            fd, inode, _ = one
            data = self.some_bytes()[:len(inode.data)]
            at = self.random.randrange(len(inode.data) - len(data) + 1)
            self.note("map to write", fd, at, len(data), "of", len(inode.data))
            with mmap.mmap(fd, len(inode.data), mmap.MAP_SHARED, mmap.PROT_READ | mmap.PROT_WRITE) as mapped:
                mapped[at:at + len(data)] = data
                if self.random.randrange(2):
                    mapped.flush()
            inode.put(at, data)

    def do_rename(self):
        if self.names:
            old, new = self.random.choice(sorted(self.names)), self.fresh()
            self.note("rename", old, new)
            os.rename(self.path(old), self.path(new))
            if self.names.get(new) is not self.names[old]:
                self.names[new] = self.names.pop(old)

    def do_link(self):
        if self.names:
            old, new = self.random.choice(sorted(self.names)), self.fresh()
            if new not in self.names:
                self.note("link", old, new)
                os.link(self.path(old), self.path(new))
                self.names[new] = self.names[old]

    def do_unlink(self):
        if self.names:
            name = self.random.choice(sorted(self.names))
            self.note("unlink", name)
            os.unlink(self.path(name))
            del self.names[name]

    def do_sync(self):
        one = self.pick()
        if one:
            self.note("fsync", one[0])
            os.fsync(one[0])

    def do_sizes(self):
        for fd, inode, _ in self.open:
            self.same("size of %d" % fd, os.fstat(fd).st_size, len(inode.data))
            links = sum(1 for each in self.names.values() if each is inode)
            self.same("links of %d" % fd, os.fstat(fd).st_nlink, links)
        for name, inode in self.names.items():
            self.same("size of " + name, os.stat(self.path(name)).st_size, len(inode.data))
        self.same("names", sorted(name for name in os.listdir(self.directory) if name[0] == "f"), sorted(self.names))

    def do_holes(self):
        one = self.pick()
        if one and one[1].data:
            fd, inode, _ = one
            at, size = 0, len(inode.data)
            self.note("holes", fd)
            while at < size:
                try:
                    data = os.lseek(fd, at, os.SEEK_DATA)
                except OSError as e:
                    if e.errno != 6:
                        raise
                    data = size
                self.same("what is said to be a hole at %d" % at, bytes(inode.data[at:data]), bytes(data - at))
                at = os.lseek(fd, data, os.SEEK_HOLE) if data < size else size
                assert at > data or at == size, "no progress at %d" % data

    def do_copy(self):
        source, target = self.pick(), self.pick(True)
        if source and target and source[1] is not target[1] and not target[2] & os.O_APPEND:
            at, to = self.random.randrange(MOST), self.random.randrange(MOST)
            wanted = bytes(source[1].data[at:at + self.random.randrange(1, 50_000)])
            if wanted:
                self.note("copy", source[0], at, target[0], to, len(wanted))
                done = os.copy_file_range(source[0], target[0], len(wanted), at, to)
                assert done > 0, "nothing is copied"
                target[1].put(to, wanted[:done])

    def do_log(self):
        if self.log is not None:
            count = self.random.randrange(1, 9000)
            data = bytes((self.logged + i) % 251 for i in range(count))
            self.same("count", os.write(self.log, data), count)
            self.logged += count

    def run(self, count):
        actions = [getattr(self, name) for name in sorted(dir(self)) if name.startswith("do_")]
        actions += [self.do_write, self.do_read, self.do_open] * 2
        for number in range(count):
            action = self.random.choice(actions)
            try:
                action()
            except Exception as e:
                print("operation %d, %s: %r" % (number, action.__name__, e))
                print("before it:\n  " + "\n  ".join(self.past))
                sys.exit(1)
        while self.open:
            self.do_close()
        for name, inode in self.names.items():
            with open(self.path(name), "rb") as file:
                self.same("all of " + name, file.read(), bytes(inode.data))
        for name in list(self.names):
            os.unlink(self.path(name))
        if self.log is not None:
            os.close(self.log)
            print("logged %d" % self.logged)
        print("well")


Run(sys.argv[1], int(sys.argv[2]), sys.argv[4] if len(sys.argv) > 4 else None).run(int(sys.argv[3]))
