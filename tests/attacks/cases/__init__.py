"""Hostile and broken submissions as data: what each does, and the score that is fair."""

from __future__ import annotations

from tests.attacks.cases import (
    controls,
    exhausting,
    files,
    forging,
    leaking,
    sessions,
    systems,
    tampering,
    values,
)
from tests.attacks.cases.case import Case

CASES: tuple[Case, ...] = (
    *controls.CASES,
    *forging.CASES,
    *leaking.CASES,
    *tampering.CASES,
    *exhausting.CASES,
    *values.CASES,
    *sessions.CASES,
    *systems.CASES,
    *files.CASES,
)

DESIGNED = frozenset(
    """
    control_starter control_hardcoded_visible control_syntax_error control_extra_cell_raises
    forge_np_testing forge_always_equal forge_ndarray_subclass forge_ast_transformer
    forge_input_transformer forge_custom_exc forge_custom_exc_ok forge_clear_output
    forge_exit_in_call forge_pytest_hooks forge_customize_files forge_mutate_inputs forge_rpc_reply
    forge_rpc_pickle forge_settrace leak_frames leak_history leak_gradebook leak_proc
    leak_parent_memory leak_gc leak_by_timing_or_score leak_site_packages tamper_gradebook
    tamper_gradebook_delayed tamper_next_student tamper_config tamper_kill_parent exfil_udp
    exfil_dns exfil_abstract_unix res_infinite_loop res_sleep res_toplevel_loop res_memory_bomb
    res_fork_bomb res_threads res_many_files res_segfault res_sigstop nb_truncated nb_format3
    nb_no_kernelspec nb_zero_bytes nb_not_utf8 nb_nested_json nb_nan_huge nb_is_html nb_symlink
    nb_symlink_alice nb_50mb_output nb_line_magics meta_grade_id meta_tests_deleted_right
    meta_duplicate_id meta_test_to_solution meta_markdown meta_reordered meta_schema_1
    res_evade_pdeathsig exfil_vsock exfil_unix_path forge_otter_pickle_rce forge_otter_results
    """.split()
)
"""The cases that the project began with; the others came since."""
