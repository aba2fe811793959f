package dev.sluice.fuse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.sluice.testing.Child;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Programs that ask much of a file system, among plain files and among files of a flow. */
@Tag("abuse")
@Timeout(180)
class ProgramsTest extends OnMount {
    private static final List<String> PLACES = List.of("plain", "s", "whole");

    private static void needs(String program) {
        assumeTrue(Child.run(List.of("sh", "-c", "command -v " + program)).exit() == 0, program + " is not installed");
    }

    private void inAllPlaces(String script) {
        for (String place : PLACES) {
            Child.Outcome outcome = sh("producer", "mkdir -p " + place + " && cd " + place + " && { " + script + "\n}")
                    .finish();
            assertThat(outcome.exit())
                    .as("in " + place + ": " + outcome.output())
                    .isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"DELETE", "TRUNCATE", "PERSIST", "MEMORY", "WAL"})
    void sqliteKeepsItsDatabase(String journal) {
        needs("sqlite3");
        inAllPlaces("""
            set -e
            { echo 'pragma journal_mode = %1$s; create table t (a integer primary key, b text);'
              i=0
              while [ $i -lt 1000 ]; do
                echo "insert into t (b) values (hex(randomblob(200)));"; i=$((i + 1))
                if [ $((i %% 50)) = 0 ]; then echo 'delete from t where a %% 7 = 3;'; fi
              done
              echo 'vacuum; pragma integrity_check;'
            } > program.sql
            test "$(sqlite3 base.db < program.sql | tail -n 1)" = ok
            test "$(sqlite3 base.db 'pragma integrity_check')" = ok
            test "$(sqlite3 base.db 'select count(*) from t')" -gt 800
            """.formatted(journal));
    }

    @ParameterizedTest
    @ValueSource(strings = {"false", "true"})
    void gitKeepsItsObjects(String maps) {
        needs("git");
        inAllPlaces("""
            set -e
            export GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_SYSTEM=/dev/null
            git init -q tree; cd tree
            git config user.name n; git config user.email e; git config core.preloadIndex %s
            i=0; while [ $i -lt 300 ]; do mkdir -p d$((i %% 7)); seq $i > d$((i %% 7))/f$i; i=$((i + 1)); done
            git add .; git commit -q -m one
            echo more >> d1/f1; git mv d2 e2; git add .; git commit -q -m two
            git gc -q; git fsck --strict; test -z "$(git status --porcelain)"
            git checkout -q HEAD~1; test "$(git ls-files | wc -l)" = 300; test -z "$(git status --porcelain)"
            git clone -q . ../copy; git -C ../copy fsck
            """.formatted(maps));
    }

    @Test
    void tarUnpacksWhatItHasPacked() {
        needs("tar");
        inAllPlaces("""
            set -e
            mkdir -p from/a/b into; seq 100000 > from/a/long; : > from/a/b/empty; ln -s ../long from/a/b/link
            ln from/a/long from/hard; truncate -s 3M from/sparse; echo x >> from/sparse; chmod 640 from/hard
            i=0; while [ $i -lt 200 ]; do echo $i > from/a/b/$i; i=$((i + 1)); done
            tar -c -S -f all.tar -C from .
            for round in 1 2 3 4 5; do
              rm -rf into; mkdir into
              tar -x -f all.tar -C into
              diff -r from into
              test "$(stat -c %h-%a into/hard)" = 2-640
              tar -d -f all.tar -C into
            done
            """);
    }

    @ParameterizedTest
    @ValueSource(strings = {"psync", "io_uring", "mmap"})
    void fioReadsWhatItHasWritten(String engine) {
        needs("fio");
        inAllPlaces("""
            fio --name=t --filename=fio --size=8m --rw=randwrite --bsrange=512-64k --bs_unaligned=1 --ioengine=%s \
              --verify=crc32c --verify_fatal=1 --do_verify=1 --randseed=7 --fallocate=none --output=../fio.log \
              || { cat ../fio.log; exit 1; }
            """.formatted(engine));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-g"})
    void javacBuildsAndTheProgramRuns(String option) {
        String java = Path.of(System.getProperty("java.home"), "bin").toString();
        inAllPlaces("""
            set -e
            mkdir -p p
            i=0; while [ $i -lt 20 ]; do
              echo "package p; class C$i { static int n() { return $i; } }" > p/C$i.java; i=$((i + 1))
            done
            echo 'package p; class M { public static void main(String[] a) { System.out.println(C3.n() + C19.n()); } }' > p/M.java
            %1$s/javac %2$s -d out p/*.java
            %1$s/jar -c -f all.jar -C out .
            test "$(%1$s/java -Xshare:auto -cp all.jar p.M)" = 22
            """.formatted(java, option));
    }
}
