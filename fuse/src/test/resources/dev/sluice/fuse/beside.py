"""Random operations of three processes in two directories at once: each has to answer the same in both.

beside.py DIRECTORY OTHER SEED COUNT [SKIPPED,...]

OTHER is in a file system of the kernel's own. What differs is said, with what was done before.
"""
import ctypes, errno, fcntl, mmap, os, random, socket, stat, sys, zlib

HERE, OTHER, SEED, COUNT = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
SKIPPED = sys.argv[5].split(",") if len(sys.argv) > 5 else []
NAMES = ["a", "b", "c", "d", "e"]
PUNCH, KEEP = 2, 1
libc = ctypes.CDLL(None, use_errno=True)


def check(result):
    if result < 0:
        raise OSError(ctypes.get_errno(), "refused")


def some(count, seed):
    return random.Random(seed).randbytes(count)


def short(data):
    return len(data), zlib.crc32(data)


def seen(found):
    """The size of a directory, and how many names it has, are the file system's own."""
    own = (0, 0) if stat.S_ISDIR(found.st_mode) else (found.st_size, found.st_nlink)
    return oct(found.st_mode), own, found.st_uid, found.st_gid


class Process:
    """Does each thing in both directories; k is the number of an open file, p and q are paths."""

    def __init__(self):
        self.open = {}

    def both(self, what, *how):
        answers = []
        for root in (HERE, OTHER):
            try:
                answers.append(getattr(self, "do_" + what)(root, *how))
            except OSError as e:
                answers.append(errno.errorcode.get(e.errno, str(e.errno)))
        return answers

    def fd(self, root, k):
        if (root, k) not in self.open:
            raise OSError(errno.EBADF, "not open")
        return self.open[root, k]

    def put(self, root, k, fd):
        if (root, k) in self.open:
            os.close(self.open[root, k])
        self.open[root, k] = fd
        return "open"

    def do_open(self, root, k, p, flags, mode):
        return self.put(root, k, os.open(root + "/" + p, flags, mode))

    def do_open_nameless(self, root, k, p, mode):
        return self.put(root, k, os.open(root + "/" + p, os.O_TMPFILE | os.O_RDWR, mode))

    def do_open_again(self, root, k, other, flags):
        return self.put(root, k, os.open("/proc/self/fd/%d" % self.fd(root, other), flags))

    def do_close(self, root, k):
        os.close(self.fd(root, k))
        del self.open[root, k]

    def do_pwrite(self, root, k, at, count, seed):
        return os.pwrite(self.fd(root, k), some(count, seed), at)

    def do_write(self, root, k, count, seed):
        return os.write(self.fd(root, k), some(count, seed))

    def do_append(self, root, p, count, seed):
        fd = os.open(root + "/" + p, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_NONBLOCK, 0o644)
        try:
            return os.write(fd, some(count, seed))
        finally:
            os.close(fd)

    def do_pread(self, root, k, at, count):
        return short(os.pread(self.fd(root, k), count, at))

    def do_read(self, root, k, count):
        return short(os.read(self.fd(root, k), count))

    def do_whole(self, root, p):
        if not stat.S_ISREG(os.stat(root + "/" + p).st_mode):
            return "none"
        with open(root + "/" + p, "rb") as file:
            return short(file.read())

    def do_seek(self, root, k, at, whence):
        is_own = stat.S_ISDIR(os.fstat(self.fd(root, k)).st_mode) and whence == os.SEEK_END
        return "none" if is_own else os.lseek(self.fd(root, k), at, whence)

    def do_ftruncate(self, root, k, size):
        os.ftruncate(self.fd(root, k), size)

    def do_truncate(self, root, p, size):
        os.truncate(root + "/" + p, size)

    def do_allocate(self, root, k, mode, at, count):
        check(libc.fallocate(self.fd(root, k), mode, ctypes.c_long(at), ctypes.c_long(count)))

    def do_copy(self, root, k, other, count, at, to):
        return os.copy_file_range(self.fd(root, k), self.fd(root, other), count, at, to)

    def do_send(self, root, k, other, at, count):
        return os.sendfile(self.fd(root, other), self.fd(root, k), at, count)

    def do_map(self, root, k, at, count, seed, writes):
        fd = self.fd(root, k)
        found = os.fstat(fd)
        if not stat.S_ISREG(found.st_mode) or found.st_size == 0:
            return "none"
        if not writes:
            with mmap.mmap(fd, found.st_size, mmap.MAP_SHARED, mmap.PROT_READ) as mapped:
                return short(mapped[:])
        at %= found.st_size
        count = min(count, found.st_size - at)
        with mmap.mmap(fd, found.st_size) as mapped:
            mapped[at:at + count] = some(count, seed)
        return count

    def do_fstat(self, root, k):
        return seen(os.fstat(self.fd(root, k)))

    def do_stat(self, root, p):
        return seen(os.stat(root + "/" + p)), seen(os.lstat(root + "/" + p))

    def do_list(self, root, p):
        return sorted((entry.name, entry.is_dir(follow_symlinks=False), entry.is_symlink())
                      for entry in os.scandir(root + "/" + p))

    def do_mkdir(self, root, p, mode):
        os.mkdir(root + "/" + p, mode)

    def do_rmdir(self, root, p):
        os.rmdir(root + "/" + p)

    def do_unlink(self, root, p):
        os.unlink(root + "/" + p)

    def do_rename(self, root, p, q, flags):
        check(libc.renameat2(-100, (root + "/" + p).encode(), -100, (root + "/" + q).encode(), flags))

    def do_link(self, root, p, q):
        os.link(root + "/" + p, root + "/" + q, follow_symlinks=False)

    def do_name(self, root, k, q):
        check(libc.linkat(-100, b"/proc/self/fd/%d" % self.fd(root, k), -100, (root + "/" + q).encode(), 0x400))

    def do_symlink(self, root, to, p):
        os.symlink(to, root + "/" + p)

    def do_readlink(self, root, p):
        return os.readlink(root + "/" + p)

    def do_pipe(self, root, p):
        os.mkfifo(root + "/" + p)

    def do_chmod(self, root, p, mode):
        os.chmod(root + "/" + p, mode)

    def do_fchmod(self, root, k, mode):
        if stat.S_ISREG(os.fstat(self.fd(root, k)).st_mode):  # others cannot be changed without a name
            os.fchmod(self.fd(root, k), mode)

    def do_chown(self, root, p, user, group):
        os.chown(root + "/" + p, user, group, follow_symlinks=False)

    def do_times(self, root, p, accessed, modified):
        os.utime(root + "/" + p, ns=(accessed, modified))
        return os.stat(root + "/" + p).st_mtime_ns

    def do_set(self, root, p, name, value, flags):
        os.setxattr(root + "/" + p, name, value, flags)

    def do_get(self, root, p, name):
        return os.getxattr(root + "/" + p, name), sorted(os.listxattr(root + "/" + p))

    def do_remove(self, root, p, name):
        os.removexattr(root + "/" + p, name)

    def do_flags(self, root, k, flags):
        fcntl.fcntl(self.fd(root, k), fcntl.F_SETFL, flags)

    def do_lock(self, root, k, kind):
        fcntl.flock(self.fd(root, k), kind | fcntl.LOCK_NB)

    def do_lock_range(self, root, k, kind, at, count):
        fcntl.lockf(self.fd(root, k), kind if kind == fcntl.LOCK_UN else kind | fcntl.LOCK_NB, count, at)

    def do_access(self, root, p, mode):
        return os.access(root + "/" + p, mode)


def chosen(r):
    """What is done next."""
    def path():
        return "/".join(r.choice(NAMES) for _ in range(r.choice([1, 1, 2, 2, 3])))

    def flags():
        return os.O_NONBLOCK | r.choice([os.O_RDONLY, os.O_WRONLY, os.O_RDWR, os.O_RDWR]) | r.choice(
            [0, os.O_CREAT, os.O_CREAT, os.O_CREAT | os.O_EXCL, os.O_CREAT | os.O_TRUNC, os.O_TRUNC,
             os.O_APPEND | os.O_CREAT, os.O_NOFOLLOW, os.O_DIRECTORY])

    k = r.randrange(6)
    at = r.choice([0, 1, 100, 4095, 4096, 4097, 65536, 70000, r.randrange(200000)])
    count = r.choice([1, 10, 4096, 65536, r.randrange(1, 100000)])
    seed = r.randrange(1 << 30)
    attribute = r.choice(["user.a", "user.b", "trusted.c"])
    kind = r.choice([fcntl.LOCK_SH, fcntl.LOCK_EX, fcntl.LOCK_UN])
    return r.choice(
        [("open", k, path(), flags(), r.choice([0o644, 0o600, 0o777, 0o444]))] * 12
        + [("close", k)] * 8
        + [("pwrite", k, at, count, seed)] * 10
        + [("write", k, count, seed), ("pread", k, at, count), ("whole", path()), ("rename", path(), path(), r.choice(
            [0, 0, 0, 1, 2, 2])), ("mkdir", path(), r.choice([0o755, 0o700, 0o1777, 0o2755]))] * 6
        + [("ftruncate", k, at), ("link", path(), path()), ("unlink", path()), ("list", r.choice([".", path()])),
           ("stat", path()), ("fstat", k), ("map", k, at, count, seed, True)] * 4
        + [("read", k, count), ("seek", k, at, r.randrange(3)), ("truncate", path(), at), ("rmdir", path()),
           ("allocate", k, r.choice([0, KEEP, PUNCH | KEEP]), at, count), ("copy", k, r.randrange(6), count, at, at // 2),
           ("append", path(), count, seed), ("map", k, 0, 0, 0, False)] * 3
        + [("symlink", r.choice(NAMES + ["./a", "nowhere"]), path()), ("chmod", path(), r.choice(
            [0o644, 0o755, 0o4755, 0o2755, 0o400])), ("chown", path(), r.choice([0, 1, 65534]), r.choice([0, 1, 65534])),
           ("times", path(), seed * 1000, seed * 1000000), ("set", path(), attribute, b"v" * (seed % 50), seed % 3),
           ("get", path(), attribute), ("open_nameless", k, r.choice([".", path()]), 0o640), ("name", k, path()),
           ("open_again", k, r.randrange(6), os.O_NONBLOCK | r.choice(
               [os.O_RDONLY, os.O_WRONLY, os.O_RDWR, os.O_RDWR | os.O_TRUNC, os.O_RDWR | os.O_APPEND])),
           ("send", k, r.randrange(6), at, count)] * 2
        + [("readlink", path()), ("pipe", path()), ("fchmod", k, r.choice([0o644, 0o600, 0o6755])),
           ("remove", path(), attribute), ("flags", k, r.choice([0, os.O_APPEND])), ("lock", k, kind),
           ("lock_range", k, kind, seed % 100, 1 + seed % 50), ("access", path(), seed % 8)])


def serve(connection):
    process = Process()
    asked = connection.makefile("rw")
    for line in asked:
        asked.write(repr(process.both(*eval(line))) + "\n")
        asked.flush()


def start():
    ours, its = socket.socketpair()
    if os.fork() == 0:
        ours.close()
        serve(its)
        os._exit(0)
    its.close()
    return ours.makefile("rw")


os.umask(0o022)
try:
    os.setxattr(OTHER, "user.a", b"")
except OSError:
    SKIPPED += ["set", "get", "remove"]  # older kernels have none in memory
processes = [start() for _ in range(3)]
r = random.Random(SEED)
past = []
for i in range(COUNT):
    what = chosen(r)
    if what[0] in SKIPPED:
        continue
    one = r.randrange(len(processes))
    processes[one].write(repr(what) + "\n")
    processes[one].flush()
    answers = eval(processes[one].readline())
    past.append("process %d: %s: %s" % (one, what, answers))
    if answers[0] != answers[1]:
        sys.exit("seed %d, step %d\n" % (SEED, i) + "\n".join(past[-60:]))
print("same")
