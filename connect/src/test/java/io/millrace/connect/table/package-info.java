@NullMarked
package io.millrace.connect.table;

import org.jspecify.annotations.NullMarked;
