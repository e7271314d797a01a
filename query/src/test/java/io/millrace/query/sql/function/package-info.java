@NullMarked
package io.millrace.query.sql.function;

import org.jspecify.annotations.NullMarked;
