@NullMarked
package io.millrace.query.job;

import org.jspecify.annotations.NullMarked;
