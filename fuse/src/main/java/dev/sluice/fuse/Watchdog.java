package dev.sluice.fuse;

import dev.sluice.linux.Mounts;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A small process that ends the steps, and unmounts, when this one has been killed: it reads from a pipe whose other end nobody
 * else has, and that is at its end as soon as this process is. Used by one thread at a time.
 */
public final class Watchdog implements AutoCloseable {
    /**
     * The directory comes as octal numbers, since a name may have any bytes; the device is to be still the same, and says where the
     * mount is when a directory above has got another name. Who was killed
     * before he knew his device, or while a helper still mounted for him, may have left a mount: a dead one is not even there.
     * Processes end before the mount does: as long as it is there, dead as it is, nobody can write into the directory below.
     */
    private static final String SCRIPT = """
        trap '' HUP INT TERM
        device=
        mark=
        while read -r word rest; do
          case $word in
            over) exit 0 ;;
            device) device=$rest ;;
            ends) mark=$rest ;;
          esac
        done
        tries=0
        while [ -n "$mark" ] && [ "$tries" -lt 100 ]; do
          left=$(grep -lzs -- "^$mark" /proc/[0-9]*/environ)
          [ -z "$left" ] && break
          for each in $left; do
            each=${each%/environ}
            kill -KILL "${each#/proc/}"
          done
          tries=$((tries + 1))
          sleep 0.02
        done
        [ $# -gt 0 ] || exit 0
        directory=$(printf '%b.' "$1")
        directory=${directory%.}
        if [ -n "$device" ]; then
          place=
          while read -r _ _ number _ where _; do
            [ "$number" = "$device" ] && place=$where
          done < /proc/self/mountinfo
          case $place in
            '') exit 0 ;;
            *\\\\*) ;;
            *) directory=$place ;;
          esac
        else
          tries=0
          while [ -e "$directory" ]; do
            [ "$tries" -lt 20 ] || exit 0
            tries=$((tries + 1))
            sleep 0.1
          done
        fi
        umount -l -- "$directory" || fusermount3 -u -z -- "$directory"
        """;

    private final Process process;

    private Watchdog(Process process) {
        this.process = process;
    }

    /** Starts one for a mount that will be over a directory; null when there is no shell. */
    static @Nullable Watchdog over(Path directory) {
        return start(List.of(octal(Mounts.nameOf(directory))));
    }

    /**
     * Starts one where nothing is mounted: it ends processes only.
     *
     * @param mark how a variable in their environment begins, with its name
     * @return it, or empty when there is no shell
     */
    public static Optional<Watchdog> ending(String mark) {
        Optional<Watchdog> watchdog = Optional.ofNullable(start(List.of()));
        watchdog.ifPresent(started -> started.ends(mark));
        return watchdog;
    }

    private static @Nullable Watchdog start(List<String> arguments) {
        List<String> command = new ArrayList<>();
        if (Files.isExecutable(Path.of("/usr/bin/setsid"))) {
            command.add("/usr/bin/setsid"); // so that no signal to our group is one to it
        }
        command.addAll(List.of("/bin/sh", "-c", SCRIPT, "sluice-watchdog"));
        command.addAll(arguments);
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(new File("/"))
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD);
        try {
            return new Watchdog(builder.start());
        } catch (IOException e) {
            return null;
        }
    }

    private static String octal(byte[] name) {
        StringBuilder text = new StringBuilder();
        for (byte each : name) {
            text.append(String.format("\\0%03o", each & 0xFF));
        }
        return text.toString();
    }

    private void say(String line) throws IOException {
        process.getOutputStream().write((line + "\n").getBytes(StandardCharsets.US_ASCII));
        process.getOutputStream().flush();
    }

    /** The directory is mounted over. */
    void watches(String device) {
        tell("device " + device);
    }

    /** Has processes ended as well. */
    void ends(String mark) {
        tell("ends " + mark);
    }

    private void tell(String line) {
        try {
            say(line);
        } catch (IOException e) {
            // It has ended; who is killed without one is cleaned up after by the next start.
        }
    }

    long pid() {
        return process.pid();
    }

    /** There is nothing to watch any more. */
    @Override
    public void close() {
        try {
            say("over");
            process.getOutputStream().close();
        } catch (IOException e) {
            process.destroyForcibly(); // it has ended, or it cannot be told
        }
    }
}
