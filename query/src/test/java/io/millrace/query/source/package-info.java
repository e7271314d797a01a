@NullMarked
package io.millrace.query.source;

import org.jspecify.annotations.NullMarked;
