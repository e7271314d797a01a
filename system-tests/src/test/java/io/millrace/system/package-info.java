/// Millrace from outside: the scripts, the documents that run, the walls between the modules.
@NullMarked
package io.millrace.system;

import org.jspecify.annotations.NullMarked;
