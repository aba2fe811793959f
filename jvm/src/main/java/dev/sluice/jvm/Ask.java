package dev.sluice.jvm;

/** What a door asks its server for, as the numbers in their messages. */
final class Ask {
    /** Nothing more comes: all that is open is closed. Without it, who ends has failed. */
    static final int BYE = 0;

    /** The wait of what was asked last ends, if it still waits. */
    static final int CANCEL = 1;

    static final int OPEN = 2;
    static final int CLOSE = 3;
    static final int READ = 4;
    static final int WRITE = 5;
    static final int STATUS_OPEN = 6;
    static final int SIZE = 7;
    static final int CHANGE_OPEN = 8;
    static final int TRUNCATE = 9;
    static final int SYNC = 10;
    static final int BACKING = 11;
    static final int STATUS = 12;
    static final int ALLOWS = 13;
    static final int MAKE_DIRECTORY = 14;
    static final int MAKE_LINK = 15;
    static final int TARGET = 16;
    static final int LINK = 17;
    static final int REMOVE = 18;
    static final int RENAME = 19;
    static final int CHANGE = 20;
    static final int EXTENDED = 21;
    static final int EXTENDED_NAMES = 22;
    static final int SET_EXTENDED = 23;
    static final int LIST = 24;
    static final int NEXT = 25;
    static final int REAL = 26;

    /** Where may I write myself? */
    static final int LEND_ROOM = 27;

    static final int WROTE = 28;
    static final int KIND = 29;

    /** As {@link #BYE}, of who says that he has failed: what he was writing is not complete. */
    static final int FAILS = 30;

    /** I have read that, and do not come back to it. */
    static final int PASSED = 31;

    /** The answers: it is so, or it has failed. */
    static final int DONE = 100;

    static final int FAILED = 101;

    private Ask() {}
}
