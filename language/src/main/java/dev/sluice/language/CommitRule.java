package dev.sluice.language;

import java.util.List;

/** When a file or directory is complete: after its commit it gets no more bytes or entries. */
public sealed interface CommitRule {
    /**
     * It is complete after so many closes by writers.
     *
     * @param closes how many; at least 1
     */
    record OnClose(int closes) implements CommitRule {
        /** Refuses a count that cannot be. */
        public OnClose {
            if (closes < 1) {
                throw new IllegalArgumentException("on_close:N needs N of at least 1, and N is " + closes);
            }
        }

        @Override
        public String toString() {
            return closes == 1 ? "on_close" : "on_close:" + closes;
        }
    }

    /** It is complete when the steps that produce it have ended. */
    record OnTermination() implements CommitRule {
        @Override
        public String toString() {
            return "on_termination";
        }
    }

    /**
     * It is complete when other files are.
     *
     * @param files the others; paths, patterns or aliases
     */
    record OnFile(List<String> files) implements CommitRule {
        /** Copies the list, and refuses an empty one. */
        public OnFile {
            files = List.copyOf(files);
            if (files.isEmpty()) {
                throw new IllegalArgumentException(
                        "on_file needs the files it waits for (file_deps), and there are none");
            }
        }

        @Override
        public String toString() {
            return "on_file";
        }
    }

    /**
     * It is complete when it has so many files; for directories.
     *
     * @param files how many; at least 1
     */
    record OnNFiles(long files) implements CommitRule {
        /** Refuses a count that cannot be. */
        public OnNFiles {
            if (files < 1) {
                throw new IllegalArgumentException("on_n_files needs n_files of at least 1, and it is " + files);
            }
        }

        @Override
        public String toString() {
            return "on_n_files";
        }
    }

    /** {@return the commit at the first close of a writer} */
    static CommitRule onClose() {
        return new OnClose(1);
    }

    /**
     * The commit after closes of writers.
     *
     * @param closes how many; at least 1
     * @return the rule
     */
    static CommitRule onClose(int closes) {
        return new OnClose(closes);
    }

    /** {@return the commit at the end of the producing steps} */
    static CommitRule onTermination() {
        return new OnTermination();
    }

    /**
     * The commit with that of other files.
     *
     * @param files the others
     * @return the rule
     */
    static CommitRule onFile(String... files) {
        return new OnFile(List.of(files));
    }

    /**
     * The commit of a directory that is full.
     *
     * @param files how many files it then has; at least 1
     * @return the rule
     */
    static CommitRule onNFiles(long files) {
        return new OnNFiles(files);
    }
}
