"""Dossiers: the organisation's side, instruction, administration, API."""

from ..matrix import HOME, Line

TABLE: dict[str, list[Line]] = {
    "Dossiers: the organisation's side": [
        ("signed-in", 200, 405, "dossiers:list dossiers:types"),
        # The walk's people deposit for no organisation that the type is open to.
        ("signed-in", 200, 422, "dossiers:begin"),
        ("dossier-organisation", 200, 405, "dossiers:detail"),
        # The walk's dossier is no draft: its form leads to it, and nothing of it is changed.
        ("dossier-organisation", 302, ("dossier-depositor", 409), "dossiers:edit"),
        ("dossier-depositor", 405, 302, "dossiers:follow dossiers:delete"),
        ("signed-in", 200, 405, "dossiers:bin"),
        # The walk's dossier is not in the bin, and no draft: who instructs is led to it.
        ("instruct", 405, 302, "dossiers:restore"),
        ("dossier-depositor", 200, 422, "dossiers:withdraw dossiers:people"),
        # The link of an invitation shows nothing of the dossier to who has not its address.
        ("signed-in", 200, 403, "dossiers:invitation"),
        ("dossier-depositor", 405, 302, "dossiers:invitation-resend dossiers:invitation-revoke"),
    ],
    "Dossiers: pieces": [
        # An empty form brings no file (422). What is downloaded is of « Files ».
        ("dossier-organisation", 200, ("dossier-depositor", 422), "dossiers:pieces"),
        ("dossier-depositor", 405, 422, "dossiers:upload-begin"),
        ("dossier-depositor", 405, 200, "dossiers:piece-remove"),
        # A part that does not say where it begins (422).
        ("owner", 200, 422, "dossiers:upload"),
        ("owner", 405, 200, "dossiers:upload-cancel"),
    ],
    "Dossiers: messages, complements, avis": [
        ("signed-in", 200, 405, "dossiers:my-opinions"),
        # Whoever is asked for an avis, with the role of advisor or without it: that dossier alone.
        ("owner", 200, 422, "dossiers:opinion"),
        ("dossier-organisation", 200, 422, "dossiers:thread"),
        ("dossier-organisation", 405, 302, "dossiers:thread-read"),
        ("message-author", 405, 302, "dossiers:message-withdraw"),
        ("dossier-organisation", 200, 405, "dossiers:requests dossiers:changes"),
        # An empty form does not say which state of the dossier its sender saw.
        ("dossier-depositor", 200, 409, "dossiers:item"),
        ("dossier-depositor", 405, 409, "dossiers:answer"),
        ("instruct", 200, 422, "dossiers:desk-requests"),
        ("instruct", 200, 405, "dossiers:desk-changes"),
        ("instruct", 200, 422, "dossiers:desk-thread dossiers:desk-notes dossiers:desk-opinions"),
        ("instruct", 405, 302, "dossiers:desk-thread-read dossiers:desk-notes-read"),
        ("instruct", 405, 302, "dossiers:opinion-revoke dossiers:opinion-remind"),
    ],
    "Dossiers: territories": [
        # The walk's page is no dossier's: tests/dossiers/territory/test_publication.py.
        ("everybody", 404, 405, "dossiers:published-file"),
        # Each reads there the départements that are theirs.
        ("signed-in", 200, 405, "dossiers:coverage-index"),
        ("coverage", 200, 405, "dossiers:coverage"),
        ("dossier-organisation", 200, 405, "dossiers:clashes"),
        # The walk's dossier is not accepted.
        ("instruct", 405, 422, "dossiers:publication"),
    ],
    "Dossiers: instruction": [
        ("instruct-somewhere", 200, 405, "instruction:list"),
        # Of what each instructs: tests/dossiers/figures.
        ("instruct-somewhere", 200, 405, "instruction:exports instruction:bin"),
        ("instruct-somewhere", 200, 422, "instruction:export-new"),
        # After a recent proof the form, else the way to give one.
        ("instruct-somewhere", (200, 302), (302, 422), "instruction:export-contacts"),
        ("instruct-somewhere", 200, 405, "instruction:figures instruction:figures-file instruction:figures-roadmaps"),
        ("instruct-somewhere", 200, 422, "instruction:views instruction:labels instruction:absences"),
        # Nothing is chosen.
        ("instruct-somewhere", 422, 422, "instruction:batch-new"),
        ("instruct", 200, 422, "instruction:label"),
        ("instruct", 405, 302, "instruction:label-delete"),
        # One's own, whoever one is by now; it shows the dossiers that one still instructs.
        ("owner", 200, 405, "instruction:batch"),
        ("owner", 405, 302, "instruction:view-delete instruction:absence-cancel"),
        # Without a version: a conflict. Labels need none, and an empty form takes them all off.
        ("instruct", 200, 409, "instruction:assign"),
        ("instruct", 200, 422, "instruction:reassign"),
        ("instruct", 200, 302, "instruction:dossier-labels"),
        ("instruct", 200, 405, "instruction:detail"),
        # The empty form carries no version of the dossier: a conflict.
        ("instruct", 405, 409, "instruction:take"),
        ("instruct", 200, 422, "instruction:propose"),
        # After a recent proof the form again, else the way to give one.
        ("instruct", 200, (302, 422), "instruction:decide"),
        # The walk's dossier has no proposal, and is not decided: who may act is led back to it.
        ("instruct", 302, (302, 409), "instruction:sign"),
        ("instruct", 302, 422, "instruction:send-back instruction:reopen"),
    ],
    "Dossiers: public figures": [
        ("everybody", 200, 405, "public-figures public-figures-data"),
    ],
    "Dossiers: documents": [
        # From either side; who gives an avis does not.
        ("dossier-party", 405, 302, "dossiers:full-document"),
    ],
    "Dossiers: decisions verified": [
        ("everybody", 200, 405, "dossiers:verify-form dossiers:verify"),
    ],
    "Dossiers: types": [
        ("dossier-types", 200, 405, "dossiers_dossiertype_modeladmin_index dossiers_envelope_modeladmin_index"),
        ("dossier-types", 200, 405, "dossiers_territoryrule_modeladmin_index dossiers_nationalaxis_modeladmin_index"),
        ("dossier-types", 200, 200, "dossiers_dossiertype_modeladmin_create dossiers_dossiertype_modeladmin_edit"),
        ("dossier-types", 200, 200, "dossiers_envelope_modeladmin_create dossiers_envelope_modeladmin_edit"),
        ("dossier-types", 200, 200, "dossiers_territoryrule_modeladmin_create dossiers_territoryrule_modeladmin_edit"),
        ("dossier-types", 200, 200, "dossiers_nationalaxis_modeladmin_create dossiers_nationalaxis_modeladmin_edit"),
        ("dossier-types", 200, 302, "dossiers_territoryrule_modeladmin_delete dossiers_nationalaxis_modeladmin_delete"),
        # Put away, never deleted.
        ("nobody", HOME, HOME, "dossiers_dossiertype_modeladmin_delete dossiers_envelope_modeladmin_delete"),
        ("dossier-types", 200, 422, "dossier_type_publish"),
        ("dossier-types", 405, 302, "dossier_type_archive dossier_type_restore"),
    ],
    "Dossiers: API, keys and webhooks": [
        ("everybody", 200, 405, "dossiers-api:openapi"),
        # A key is the right, never a cookie: tests/dossiers/api.
        ("everybody", 401, 401, "dossiers-api:list dossiers-api:detail dossiers-api:file dossiers-api:transitions"),
        ("instruct-somewhere", 200, 405, "dossier-keys:index"),
        ("instruct-somewhere", 405, 422, "dossier-keys:create-key dossier-keys:create-webhook"),
        # Each person’s own, which the walk’s people have none of: tests/dossiers/api.
        ("instruct-somewhere", 405, 404, "dossier-keys:revoke-key dossier-keys:change-webhook"),
        ("instruct-somewhere", 404, 405, "dossier-keys:webhook"),
    ],
}
