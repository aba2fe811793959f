/**
 * The coordination language CAPIO-CL: what a flow says of its steps and files.
 *
 * <p>Start with {@link dev.sluice.language.Flow}, which is a flow; {@link dev.sluice.language.Reading} makes one of a file
 * and tells everything that is wrong with it; {@link dev.sluice.language.Contracts} answers what a flow says of a path.
 *
 * <pre>
 * file --Reading--&gt; Flow --Contracts--&gt; Contract (of a path)
 *                    |  \--Graph--&gt; who hands what to whom
 *                    \--toJson--&gt; file
 * </pre>
 */
package dev.sluice.language;
