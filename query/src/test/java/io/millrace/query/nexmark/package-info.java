/// The queries of the Nexmark benchmark, compared with Flink that reads files.
@NullMarked
package io.millrace.query.nexmark;

import org.jspecify.annotations.NullMarked;
