package dev.sluice.jvm;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.GroupPrincipal;
import java.nio.file.attribute.UserPrincipal;
import java.nio.file.attribute.UserPrincipalLookupService;
import java.nio.file.attribute.UserPrincipalNotFoundException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Users and groups by their numbers, and the other way round. The JDK has them by name only; so names are looked up in
 * {@code /etc/passwd} and {@code /etc/group}, and who is not there is called by his number, as the JDK does. What was found is
 * kept, and owned by this class. Safe for use by many threads.
 */
final class Principals {
    private static final Path USERS = Path.of("/etc/passwd");
    private static final Path GROUPS = Path.of("/etc/group");
    private static final int NUMBER = 2;
    private static final Map<Integer, UserPrincipal> FOUND_USERS = new ConcurrentHashMap<>();
    private static final Map<Integer, GroupPrincipal> FOUND_GROUPS = new ConcurrentHashMap<>();

    private Principals() {}

    static UserPrincipal user(int id) throws IOException {
        UserPrincipal user = FOUND_USERS.get(id);
        if (user == null) {
            user = lookup().lookupPrincipalByName(name(USERS, id));
            FOUND_USERS.put(id, user);
        }
        return user;
    }

    static GroupPrincipal group(int id) throws IOException {
        GroupPrincipal group = FOUND_GROUPS.get(id);
        if (group == null) {
            group = lookup().lookupPrincipalByGroupName(name(GROUPS, id));
            FOUND_GROUPS.put(id, group);
        }
        return group;
    }

    /** {@return the number of a user whom the JDK has looked up} */
    static int id(UserPrincipal user) throws IOException {
        return number(user instanceof GroupPrincipal ? GROUPS : USERS, user.getName());
    }

    private static UserPrincipalLookupService lookup() {
        return StreamFileSystem.machine().getUserPrincipalLookupService();
    }

    private static String name(Path list, int id) throws IOException {
        String number = Integer.toUnsignedString(id);
        for (String line : Files.readAllLines(list)) {
            String[] fields = line.split(":", -1);
            if (fields.length > NUMBER && fields[NUMBER].equals(number)) {
                return fields[0];
            }
        }
        return number;
    }

    private static int number(Path list, String name) throws IOException {
        for (String line : Files.readAllLines(list)) {
            String[] fields = line.split(":", -1);
            if (fields.length > NUMBER && fields[0].equals(name)) {
                return Integer.parseUnsignedInt(fields[NUMBER]);
            }
        }
        try {
            return Integer.parseUnsignedInt(name);
        } catch (NumberFormatException e) {
            UserPrincipalNotFoundException unknown = new UserPrincipalNotFoundException(name);
            unknown.initCause(e);
            throw unknown;
        }
    }
}
