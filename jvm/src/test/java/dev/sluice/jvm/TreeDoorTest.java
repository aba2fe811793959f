package dev.sluice.jvm;

import dev.sluice.stream.Session;
import dev.sluice.stream.Workflow;
import java.util.ArrayList;
import java.util.List;

class TreeDoorTest extends DoorContract {
    private final List<TreeDoor> doors = new ArrayList<>();

    @Override
    Door door(Workflow workflow, Session session) throws Exception {
        doors.add(new TreeDoor(workflow, Caller.here(session)));
        return doors.getLast();
    }

    @Override
    void closeDoors() throws Exception {
        for (TreeDoor door : doors) {
            door.close();
        }
    }

    @Override
    void kill(Door door) throws Exception {
        ((TreeDoor) door).abandon();
    }
}
