/**
 * Shows a run of a workflow: as facts, as a page, as numbers for monitoring. It decides nothing.
 *
 * <p>Start with {@link dev.sluice.view.Meter}, which looks at a run from time to time, and with {@link dev.sluice.view.Facts},
 * which is what it has seen; everything else is made of these.
 *
 * <pre>
 * Workflow, Processes --look--&gt; Meter --Facts--&gt; Report, LivePage        pages
 *                                           \--&gt; Metrics, Traces, Lineage  for other programs
 *                                           \--&gt; Shelf                     the last runs
 * </pre>
 */
package dev.sluice.view;
