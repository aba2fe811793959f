package dev.sluice.linux;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ErrnoTest {
    @Test
    void numbersAreUnique() {
        assertThat(Arrays.stream(Errno.values()).map(Errno::number)).doesNotHaveDuplicates();
    }

    @ParameterizedTest
    @EnumSource
    void aDescriptionHasNameAndText(Errno errno) {
        assertThat(Errno.of(errno.number())).isSameAs(errno);
        assertThat(Errno.describe(errno.negated())).isEqualTo(errno.name() + " (" + errno.text() + ")");
    }

    @ParameterizedTest
    @ValueSource(longs = {-41, -133, -134, -4095, -1_000_000_000_000L})
    void unknownNumbersAreDescribedByNumber(long result) {
        assertThat(Errno.describe(result)).isEqualTo("errno " + -result);
        assertThat(Errno.exception(result, "a", "reading")).hasMessage("a: reading failed: errno " + -result);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1, 41, 133, 134, 4095, Integer.MAX_VALUE, Integer.MIN_VALUE})
    void otherNumbersAreErrorsOfInputAndOutput(int number) {
        assertThat(Errno.of(number)).isSameAs(Errno.EIO);
    }

    @Test
    void exceptionsAreThoseOfTheJdk() {
        assertThat(exception(Errno.ENOENT)).isExactlyInstanceOf(NoSuchFileException.class);
        assertThat(exception(Errno.EACCES)).isExactlyInstanceOf(AccessDeniedException.class);
        assertThat(exception(Errno.EEXIST)).isExactlyInstanceOf(FileAlreadyExistsException.class);
        assertThat(exception(Errno.ENOTDIR)).isExactlyInstanceOf(NotDirectoryException.class);
        assertThat(exception(Errno.ENOTEMPTY)).isExactlyInstanceOf(DirectoryNotEmptyException.class);
        assertThat(exception(Errno.ENOSPC)).isExactlyInstanceOf(FileSystemException.class);
    }

    @ParameterizedTest
    @EnumSource(
            value = Errno.class,
            mode = EnumSource.Mode.EXCLUDE,
            names = {"ENOTDIR", "ENOTEMPTY"})
    void messagesNameFileActionAndError(Errno errno) {
        FileSystemException e = exception(errno);
        assertThat(e.getFile()).isEqualTo("some file");
        assertThat(e).hasMessage("some file: writing 7 bytes failed: " + Errno.describe(errno.negated()));
    }

    private static FileSystemException exception(Errno errno) {
        return Errno.exception(errno.negated(), "some file", "writing 7 bytes");
    }
}
