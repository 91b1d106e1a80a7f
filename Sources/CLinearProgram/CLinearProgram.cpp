#include "CLinearProgram.h"

#include <coin/Clp_C_Interface.h>

static Clp_Simplex *model(concordat_program *program) { return (Clp_Simplex *)program; }

concordat_program *concordat_program_new(
    int columns, int rows, const int *starts, const int *indices, const double *values,
    const double *column_lower, const double *column_upper, const double *row_lower, const double *row_upper) {
    Clp_Simplex *clp = Clp_newModel();
    if (!clp) return 0;
    Clp_setLogLevel(clp, 0);
    Clp_loadProblem(
        clp, columns, rows, starts, indices, values, column_lower, column_upper, 0, row_lower, row_upper);
    /* The matrices hold small whole numbers: scaling and perturbation would only cost exactness. */
    Clp_scaling(clp, 0);
    Clp_setPerturbation(clp, 100);
    return (concordat_program *)clp;
}

void concordat_program_free(concordat_program *program) {
    if (program) Clp_deleteModel(model(program));
}

void concordat_program_objective(concordat_program *program, const double *objective) {
    Clp_chgObjCoefficients(model(program), objective);
}

void concordat_program_column_bounds(concordat_program *program, const double *lower, const double *upper) {
    Clp_chgColumnLower(model(program), lower);
    Clp_chgColumnUpper(model(program), upper);
}

void concordat_program_row_bounds(concordat_program *program, const double *lower, const double *upper) {
    Clp_chgRowLower(model(program), lower);
    Clp_chgRowUpper(model(program), upper);
}

void concordat_program_add_rows(
    concordat_program *program, int count, const double *lower, const double *upper, const int *starts,
    const int *indices, const double *values) {
    Clp_addRows(model(program), count, lower, upper, starts, indices, values);
}

void concordat_program_forget(concordat_program *program) {
    Clp_Simplex *clp = model(program);
    int columns = Clp_numberColumns(clp), rows = Clp_numberRows(clp);
    const double *lower = Clp_columnLower(clp), *upper = Clp_columnUpper(clp);
    /* 1 basic, 2 at the upper bound, 3 at the lower bound, 0 free (Clp's own numbers). */
    for (int i = 0; i < columns; i++)
        Clp_setColumnStatus(clp, i, lower[i] > -1e30 ? 3 : upper[i] < 1e30 ? 2 : 0);
    for (int i = 0; i < rows; i++) Clp_setRowStatus(clp, i, 1);
}

int concordat_program_solve(concordat_program *program, int dual, int iterations) {
    Clp_Simplex *clp = model(program);
    Clp_setNumberIterations(clp, 0);
    Clp_setMaximumIterations(clp, iterations);
    /* Clp throws CoinError on what it thinks impossible; no C++ exception leaves this file. */
    try {
        int status = dual ? Clp_dual(clp, 0) : Clp_primal(clp, 0);
        return status >= 0 && status <= 3 ? status : 4;
    } catch (...) {
        return 4;
    }
}

int concordat_program_iterations(concordat_program *program) { return Clp_numberIterations(model(program)); }

const double *concordat_program_columns(concordat_program *program) {
    return Clp_primalColumnSolution(model(program));
}

const double *concordat_program_row_duals(concordat_program *program) { return Clp_dualRowSolution(model(program)); }

const double *concordat_program_reduced_costs(concordat_program *program) {
    return Clp_dualColumnSolution(model(program));
}

double concordat_program_value(concordat_program *program) { return Clp_objectiveValue(model(program)); }
