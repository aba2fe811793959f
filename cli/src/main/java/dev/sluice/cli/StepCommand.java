package dev.sluice.cli;

import dev.sluice.language.Contracts;
import org.jspecify.annotations.Nullable;

/**
 * What a step runs.
 *
 * @param step its name
 * @param command what {@code sh -c} runs
 */
record StepCommand(String step, String command) {
    /** Reads {@code NAME=COMMAND}; refuses what is not, and a step that the flow, if there is one, does not know. */
    static StepCommand of(String text, @Nullable Contracts contracts) {
        int sign = text.indexOf('=');
        if (sign <= 0 || text.substring(sign + 1).isBlank()) {
            throw Refusal.misused("--step needs NAME=COMMAND, such as --step 'sort=sort in > out', and is: " + text);
        }
        String step = text.substring(0, sign).strip();
        try {
            if (contracts != null) {
                contracts.requireStep(step);
            }
        } catch (IllegalArgumentException e) {
            throw Refusal.misused(Failure.sentence(e));
        }
        return new StepCommand(step, text.substring(sign + 1));
    }
}
