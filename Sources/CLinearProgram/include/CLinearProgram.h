/* Linear programs by COIN-OR Clp (EPL 2.0). The only place that sees Clp's header.

   A program is: minimise c.x subject to rowLower <= A x <= rowUpper, columnLower <= x <= columnUpper. Bounds of
   +-HUGE_VAL or beyond 1e30 are none. Nothing is printed, nothing is read from the environment; one thread. */
#ifndef CONCORDAT_LINEAR_PROGRAM_H
#define CONCORDAT_LINEAR_PROGRAM_H

#ifdef __cplusplus
extern "C" {
#endif

typedef struct concordat_program concordat_program;

/* A program with a matrix in columns: starts has columns + 1 entries. The objective is zero. NULL: no memory. */
concordat_program *concordat_program_new(
    int columns, int rows, const int *starts, const int *indices, const double *values,
    const double *column_lower, const double *column_upper, const double *row_lower, const double *row_upper);
void concordat_program_free(concordat_program *program);

/* Each takes one number a column or a row. */
void concordat_program_objective(concordat_program *program, const double *objective);
void concordat_program_column_bounds(concordat_program *program, const double *lower, const double *upper);
void concordat_program_row_bounds(concordat_program *program, const double *lower, const double *upper);

/* Appends rows: starts has count + 1 entries, indices are columns. */
void concordat_program_add_rows(
    concordat_program *program, int count, const double *lower, const double *upper, const int *starts,
    const int *indices, const double *values);

/* Forgets the basis: the next solution starts from all slacks. */
void concordat_program_forget(concordat_program *program);

/* Solves from the last basis. Returns 0 optimal, 1 infeasible, 2 unbounded, 3 stopped at the limit of iterations,
   4 failed. */
int concordat_program_solve(concordat_program *program, int dual, int iterations);
int concordat_program_iterations(concordat_program *program);

/* Of the last solution; owned by the program, valid until the next call. */
const double *concordat_program_columns(concordat_program *program);
const double *concordat_program_row_duals(concordat_program *program);
const double *concordat_program_reduced_costs(concordat_program *program);
double concordat_program_value(concordat_program *program);

#ifdef __cplusplus
}
#endif

#endif
