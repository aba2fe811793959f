package dev.sluice.language;

import java.util.List;

/**
 * Which node of a cluster keeps which files.
 *
 * @param create files kept where they are created; so is what no list names
 * @param hashing files spread over the nodes by a hash of their paths
 * @param manual files kept where the flow says
 */
public record HomeNodes(List<String> create, List<String> hashing, List<Manual> manual) {
    /** What a flow says that does not speak of nodes. */
    public static final HomeNodes UNSAID = new HomeNodes(List.of(), List.of(), List.of());

    /**
     * Files kept on one node.
     *
     * @param paths names, patterns or aliases
     * @param node the node: the name of a step, perhaps with a colon and the number of its process behind
     */
    public record Manual(List<String> paths, String node) {
        /** Copies the list. */
        public Manual {
            paths = List.copyOf(paths);
        }
    }

    /** Which node keeps one file. */
    public sealed interface Home {
        /** The node where it is created. */
        record Creator() implements Home {
            @Override
            public String toString() {
                return "create";
            }
        }

        /** The node that a hash of its path tells. */
        record Hashed() implements Home {
            @Override
            public String toString() {
                return "hashing";
            }
        }

        /**
         * A node by name.
         *
         * @param node what the flow says
         */
        record Named(String node) implements Home {
            @Override
            public String toString() {
                return "manual: " + node;
            }
        }
    }

    /** Copies the lists. */
    public HomeNodes {
        create = List.copyOf(create);
        hashing = List.copyOf(hashing);
        manual = List.copyOf(manual);
    }
}
