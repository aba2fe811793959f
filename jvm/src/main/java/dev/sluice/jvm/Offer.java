package dev.sluice.jvm;

import dev.sluice.stream.Tree;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * What a server lends, as it is told in a message: bytes of a file, or room in it.
 *
 * @param length how many bytes; 0 when there is to be room later
 * @param isOnce whether each of them is read once, in their order
 * @param inode the number of the file that has them
 * @param fd the server's descriptor of that file
 * @param server the server's process
 * @param page the gauge that goes with it, or null
 */
record Offer(
        int length,
        boolean isOnce,
        long inode,
        int fd,
        long server,
        @Nullable Page page) {
    /**
     * A gauge.
     *
     * @param inode the number of the file that has its page
     * @param fd the server's descriptor of that file
     * @param to up to where it counts
     */
    record Page(long inode, int fd, long to) {}

    /** Says what is lent. {@return whether anything is} */
    static boolean put(Parcel answer, Tree.@Nullable Loan loan) {
        answer.put(loan != null);
        if (loan == null) {
            return false;
        }
        answer.put(loan.length())
                .put(loan.isOnce())
                .put(loan.inode())
                .put(loan.fd())
                .put(ProcessHandle.current().pid());
        Tree.Page page = loan.page();
        answer.put(page != null);
        if (page != null) {
            answer.put(page.inode()).put(page.fd()).put(page.to());
        }
        return true;
    }

    /** {@return what is lent, or null when nothing is} */
    static @Nullable Offer of(Parcel answer) throws IOException {
        if (!answer.getTruth()) {
            return null;
        }
        int length = answer.getInt();
        boolean isOnce = answer.getTruth();
        long inode = answer.getLong();
        int fd = answer.getInt();
        long server = answer.getLong();
        Page page = answer.getTruth() ? new Page(answer.getLong(), answer.getInt(), answer.getLong()) : null;
        return new Offer(length, isOnce, inode, fd, server, page);
    }
}
