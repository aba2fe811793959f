package dev.sluice.stream;

import dev.sluice.language.Contract;
import dev.sluice.language.Rule;
import dev.sluice.stream.Gate.Phase;
import dev.sluice.stream.Workflow.Snapshot.StepState;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;

/** Which steps have ended, and how. Owned by the workflow's lock. */
final class Steps {
    private static final class Course {
        int announced = 1;
        int started;
        int running;
        int failures;

        boolean isOver() {
            return started >= announced && running == 0;
        }
    }

    private final Map<String, Course> courses = new HashMap<>();

    private Course course(String step) {
        return courses.computeIfAbsent(step, _ -> new Course());
    }

    /** So many runs of a step will come. */
    void announce(String step, int runs) {
        course(step).announced = runs;
    }

    /** {@return whether it is one run more than was announced, in place of one that has failed} */
    boolean started(String step) {
        Course course = course(step);
        boolean repeats = course.started >= course.announced && course.failures > 0;
        if (repeats) {
            course.failures--;
        }
        course.started++;
        course.running++;
        course.announced = repeats ? course.announced + 1 : course.announced;
        return repeats;
    }

    /** One more run, in place of the one that has ended. */
    void again(String step) {
        Course course = course(step);
        course.failures = 0;
        course.announced++;
        course.started++;
        course.running++;
    }

    void ended(String step, boolean succeeded) {
        Course course = course(step);
        course.running--;
        course.failures += succeeded ? 0 : 1;
    }

    /** Is nothing more to come of a step? */
    boolean isOver(String step) {
        return course(step).isOver();
    }

    /** Will more runs of a step do something than these, which hang? */
    boolean isToCome(String step, int hanging) {
        Course course = course(step);
        return course.running > hanging || course.started < course.announced;
    }

    StepState state(String step) {
        Course course = course(step);
        return new StepState(step, course.announced, course.started, course.running, course.failures > 0);
    }

    boolean areOver(Collection<String> names) {
        return names.stream().allMatch(this::isOver);
    }

    /** Has it run, and all of its runs well? */
    boolean hasEndedWell(String step) {
        Course course = course(step);
        return course.isOver() && course.started > 0 && course.failures == 0;
    }

    /** {@return how far something is when it is found: the steps that write what was there may be over, and nobody looks again} */
    Phase found(Contract contract, Phase phase) {
        boolean wasThere = phase == Phase.PRIOR || (phase == Phase.GROWING && contract.kind() == Rule.Kind.DIRECTORY);
        if (!wasThere || contract.producers().isEmpty() || !areOver(contract.producers())) {
            return phase;
        }
        return hasFailed(contract.producers()) ? Phase.FAILED : Phase.COMMITTED;
    }

    boolean hasFailed(String step) {
        return course(step).failures > 0;
    }

    boolean hasFailed(Collection<String> names) {
        return names.stream().anyMatch(this::hasFailed);
    }
}
