package dev.sluice.jvm;

import dev.sluice.language.Contracts;
import dev.sluice.stream.Session;
import dev.sluice.stream.Workflow;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.ReentrantLock;

/** Lets doors in as the program does, but asks for no process: who knows a session's word belongs to it. */
final class Host implements AutoCloseable {
    final MeetingPoint point;
    private final Workflow workflow;
    private final Reception reception;
    private final ServerSocketChannel server;
    private final Map<String, Session> sessions = new ConcurrentHashMap<>();
    private final List<String> runs = new CopyOnWriteArrayList<>();

    /** Who holds it keeps the host from taking up more than one client. */
    final ReentrantLock accepting = new ReentrantLock();

    private final Set<SocketChannel> clients = ConcurrentHashMap.newKeySet();

    Host(Workflow workflow) throws IOException {
        this.workflow = workflow;
        reception = new Reception(workflow);
        point = MeetingPoint.all(workflow.directory()).getFirst();
        if (!Files.exists(point.folder())) {
            Files.createDirectory(
                    point.folder(), PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        }
        server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        server.bind(UnixDomainSocketAddress.of(point.socket()), 1024);
        Thread.ofVirtual().start(this::accept);
    }

    RemoteDoor door(Session session) throws IOException {
        return RemoteDoor.enter(workflow.directory(), word(session), null);
    }

    /** {@return what a process of a session says when it comes in} */
    String word(Session session) {
        String word = "session " + sessions.size();
        sessions.put(word, session);
        return word;
    }

    private void accept() {
        try {
            while (true) {
                SocketChannel client = server.accept();
                accepting.lock();
                try {
                    clients.add(client);
                } finally {
                    accepting.unlock();
                }
                Thread.ofVirtual().start(() -> serve(client));
            }
        } catch (IOException e) {
            // The host is closed.
        }
    }

    private void serve(SocketChannel client) {
        try (client) {
            Map<String, Object> request = Line.parse(Line.receive(client));
            String key = String.valueOf(request.getOrDefault("key", ""));
            if ("join".equals(request.get("do"))) {
                join(client, String.valueOf(request.get("step")));
            } else if (key.isEmpty()) {
                Session session = sessions.get(String.valueOf(request.get("session")));
                key = reception.enter(session, Math.toIntExact((Long) request.get("process")));
                said(
                        client,
                        ",\"key\":\"" + key + "\",\"step\":\"" + session.step() + "\",\"directory\":\""
                                + workflow.directory() + "\"");
                reception.stay(key, client);
            } else {
                said(client, "");
                reception.serve(key, client);
            }
        } catch (IOException e) {
            // The client has ended.
        } finally {
            clients.remove(client);
        }
    }

    /** As a server that lets each step run as often as it wants to. */
    private void join(SocketChannel client, String step) throws IOException {
        try {
            Contracts.of(workflow.flow()).requireStep(step);
        } catch (IllegalArgumentException e) {
            client.write(DoorContract.bytes("{\"sluice\":1,\"ok\":false,\"why\":\"no step " + step + "\"}\n"));
            return;
        }
        Session session = workflow.start(step);
        runs.add("begins " + step);
        said(client, ",\"environment\":{\"SLUICE_SESSION\":\"" + word(session) + "\"}");
        Map<String, Object> next = Line.parse(Line.receive(client));
        if ("started".equals(next.get("do"))) {
            said(client, "");
            next = Line.parse(Line.receive(client));
        }
        runs.add("ends " + step + " with " + next.get("status"));
        session.end(Long.valueOf(0).equals(next.get("status")));
        said(client, "");
    }

    /** {@return which runs of steps have begun and ended} */
    List<String> runs() {
        return List.copyOf(runs);
    }

    private static void said(SocketChannel client, String more) throws IOException {
        client.write(DoorContract.bytes("{\"sluice\":1,\"ok\":true" + more + "}\n"));
    }

    /** {@return how many connections there are} */
    int connections() {
        return clients.size();
    }

    /** Ends as a server that is killed. */
    void die() throws IOException {
        server.close();
        for (SocketChannel client : clients) {
            client.close();
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
        reception.close();
        Files.deleteIfExists(point.socket());
    }
}
