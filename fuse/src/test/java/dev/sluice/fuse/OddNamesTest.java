package dev.sluice.fuse;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** Names with any bytes, paths of any depth, and links that lead out. */
class OddNamesTest extends OnMount {
    @Test
    void anyBytesAreAName() throws IOException {
        assertThat(python("""
            import os
            names = [b"new\\nline", b"\\xff\\xfe broken", b"\\xc3", b"\\xed\\xa0\\x80", b"-rf", b" ", b"\\\\", b"*?[",
                     b"\\x01\\x7f", b"n" * 255, "\\u00e9".encode() * 127, b"...", b".incomplete", b"e\\xcc\\x81", b"\\xc3\\xa9"]
            for folder in (b"plain", b"s", b"whole"):
                os.mkdir(folder)
                for name in names:
                    path = folder + b"/" + name
                    with open(path, "xb") as file:
                        file.write(name)
                assert sorted(os.listdir(folder)) == sorted(names), os.listdir(folder)
                for name in names:
                    path = folder + b"/" + name
                    assert open(path, "rb").read() == name, name
                    os.rename(path, folder + b"/tmp"); os.rename(folder + b"/tmp", path)
                    os.symlink(name, folder + b"/link")
                    assert os.readlink(folder + b"/link") == name
                    assert open(folder + b"/link", "rb").read() == name
                    os.unlink(folder + b"/link")
                for long in (b"n" * 256, b"n" * 4000):
                    try:
                        open(folder + b"/" + long, "wb")
                        raise AssertionError("a name of %d bytes" % len(long))
                    except OSError as e:
                        assert e.errno == 36, e
                for name in names:
                    os.unlink(folder + b"/" + name)
                assert os.listdir(folder) == []
            print("well")
            """)).isEqualTo("well\n");
    }

    @Test
    void pathsMayBeDeeperThanAnyNameOfThem() throws IOException {
        assertThat(python("""
            import os
            for base in ("plain", "s"):
                os.mkdir(base)
                top = os.open(".", os.O_RDONLY)
                os.chdir(base)
                for i in range(150):
                    os.mkdir("d" * 200); os.chdir("d" * 200)
                with open("leaf", "w") as file:
                    file.write("deep")
                os.rename("leaf", "leaf2")
                assert open("leaf2").read() == "deep" and os.listdir(".") == ["leaf2"]
                os.unlink("leaf2")
                for i in range(150):
                    os.chdir(".."); os.rmdir("d" * 200)
                os.fchdir(top)
                assert os.listdir(base) == []
            print("well")
            """)).isEqualTo("well\n");
    }

    /** The server follows no link: where it leads is the caller's affair, with the caller's rights. */
    @Test
    void aLinkThatLeadsOutIsNotFollowedByTheServer() throws IOException {
        Path outside = Files.writeString(folder.resolve("outside"), "secret");
        assertThat(python("""
            import os
            outside = %r
            os.mkdir("s"); os.mkdir("plain")
            for place in ("s/link", "plain/link"):
                os.symlink(outside, place)
                assert os.lstat(place).st_size == len(outside)
                for flags in (os.O_RDONLY, os.O_RDWR, os.O_WRONLY | os.O_TRUNC, os.O_RDWR | os.O_CREAT):
                    try:
                        os.open(place, flags | os.O_NOFOLLOW)
                        raise AssertionError(place)
                    except OSError as e:
                        assert e.errno == 40, e
                try:
                    os.open(place, os.O_WRONLY | os.O_CREAT | os.O_EXCL)
                    raise AssertionError(place)
                except FileExistsError:
                    pass
                os.rename(place, place + "2")
                os.unlink(place + "2")
            os.symlink("/", "plain/root"); os.symlink("../../../../../../..", "plain/up")
            assert os.path.samefile("plain/root", "/")
            assert os.path.realpath("plain/../../" + os.path.basename(os.getcwd())) == os.getcwd()
            print("well")
            """.replace("%r", "'" + outside + "'"))).isEqualTo("well\n");
        assertThat(outside).hasContent("secret");
    }
}
