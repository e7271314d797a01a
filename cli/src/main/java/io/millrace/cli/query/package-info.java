/// Queries run ad hoc and looked at.
@NullMarked
package io.millrace.cli.query;

import org.jspecify.annotations.NullMarked;
